import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["client/**/*.test.ts", "desk/src/**/*.test.{ts,tsx}"], environment: "node", restoreMocks: true },
});
