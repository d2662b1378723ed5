import { getRouteApi } from '@tanstack/react-router'
import { type Choice, parseChoice } from './choice.ts'

const route = getRouteApi('/$clinic/book')

/**
 * Returns the choice in the URL and how to change it. `go` adds an entry to the history, `amend` replaces the current
 * one; both take a function from the choice that the URL holds at that moment to the next one.
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
