import { expect, type Page } from '@playwright/test'

/** The text box of the XML editor, once it can be typed into. */
export async function openEditor(page: Page, filter: string): Promise<void> {
  await page.goto(`/filters/${filter}`)
  const box = page.getByRole('textbox', { name: `XML of filter ${filter}` })
  await expect(box).toBeAttached()
  await box.focus()
}

/** Puts the cursor right behind the first place where the text stands, by the keys a person would use. */
export async function placeCursorAfter(page: Page, xml: string, text: string): Promise<void> {
  const offset = xml.indexOf(text) + text.length
  const lines = xml.slice(0, offset).split('\n')
  await page.keyboard.press('Control+Home')
  for (let line = 1; line < lines.length; line += 1) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Home')
  await page.keyboard.press('Home')
  for (const _ of lines.at(-1) ?? '') await page.keyboard.press('ArrowRight')
}
