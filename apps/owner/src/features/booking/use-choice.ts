import { getRouteApi } from '@tanstack/react-router'
import { type Choice, parseChoice } from './choice.ts'

const route = getRouteApi('/$clinic/book')

/**
 * The choice in the URL and how to change it. `go` adds a page to the history, `amend` changes this one's address;
 * both take what becomes of the choice, computed from what the URL says at that moment.
 */
export function useChoice() {
  const choice = route.useSearch()
  const navigate = route.useNavigate()
  const change = (next: (choice: Choice) => Choice, replace: boolean) =>
    navigate({ search: (now) => next(parseChoice({ ...now })), replace, resetScroll: !replace })
  return {
    choice,
    go: (next: (choice: Choice) => Choice) => change(next, false),
    amend: (next: (choice: Choice) => Choice) => change(next, true),
  }
}
