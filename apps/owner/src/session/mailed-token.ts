import { useLocation } from '@tanstack/react-router'

/** Returns the token of a mailed link, empty if there is none. It is after the `#`, which browsers send to no server. */
export function useMailedToken(): string {
  return new URLSearchParams(useLocation().hash).get('token') ?? ''
}
