/** Exit statuses, pinned: 0 done, 1 errors in the input, 2 wrong usage, 3 nobody answers, 4 the kernel refused. */
export type ExitStatus = 0 | 1 | 2 | 3 | 4

/** What a command gets: its own arguments, and the options that stand in front of it. */
export type CommandContext = { readonly args: string[]; readonly json: boolean; readonly data: string }

/** One sub-command. `help` is printed by `--help` and on wrong usage. */
export type CommandModule = {
  readonly help: string
  readonly run: (context: CommandContext) => Promise<ExitStatus> | ExitStatus
}

/** Thrown for wrong usage; main prints the message and the command's help. */
export class UsageError extends Error {}
