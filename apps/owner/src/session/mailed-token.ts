import { useLocation } from '@tanstack/react-router'

/** The token of a mailed link. It stands behind the `#`, which a browser sends to no server; empty where there is none. */
export function useMailedToken(): string {
  return new URLSearchParams(useLocation().hash).get('token') ?? ''
}
