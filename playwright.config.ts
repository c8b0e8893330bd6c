import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'e2e',
  outputDir: '.cache/test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // One instance of the product a worker; on two cores a second one would only slow both.
  workers: 1,
  forbidOnly: process.env.CI !== undefined,
  use: {
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      // The sandbox refuses root; without a network the rest would only wait for one.
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
})
