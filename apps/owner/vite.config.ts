import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { sizeBudget } from './size-budget.ts'

const api = process.env.API_URL ?? 'http://127.0.0.1:4000'

export default defineConfig({
  base: '/',
  plugins: [
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: true,
      generatedRouteTree: './src/route-tree.gen.ts',
      quoteStyle: 'single',
      disableLogging: true,
    }),
    react(),
    sizeBudget(200),
  ],
  server: { host: '127.0.0.1', proxy: { '/trpc': api, '/api': api } },
  build: { target: 'es2023' },
})
