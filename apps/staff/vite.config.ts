import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const api = process.env.API_URL ?? 'http://127.0.0.1:4000'

export default defineConfig({
  base: '/staff/',
  plugins: [
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: true,
      generatedRouteTree: './src/route-tree.gen.ts',
      quoteStyle: 'single',
      disableLogging: true,
    }),
    react(),
  ],
  // next to the owner's app, which has Vite's own 5173
  server: { host: '127.0.0.1', port: 5174, proxy: { '/trpc': api, '/api': api } },
  build: { target: 'es2023' },
})
