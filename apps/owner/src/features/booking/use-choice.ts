import { getRouteApi } from '@tanstack/react-router'
import { useClinic } from '../../session/clinic.tsx'
import { type Choice, fitting, parseChoice } from './choice.ts'
import { usePet } from './use-pet.ts'

const route = getRouteApi('/$clinic/book')

/** Returns the service that is chosen; undefined for none, or one that the clinic no longer has. */
export function useChosenService() {
  const { choice } = useChoice()
  return useClinic().services.find(({ id }) => id === choice.service)
}

/**
 * Returns the choice in the URL, as far as it fits together, and how to change it. `go` adds an entry to the history, `amend` replaces the current
 * one; both take a function from the choice that the URL holds at that moment to the next one.
 */
export function useChoice() {
  const search = route.useSearch()
  const { services } = useClinic()
  const choice = fitting(search, services, usePet(search)?.species)
  const navigate = route.useNavigate()
  const change = (next: (choice: Choice) => Choice, replace: boolean) =>
    navigate({ search: (now) => next(parseChoice({ ...now })), replace, resetScroll: !replace })
  return {
    choice,
    go: (next: (choice: Choice) => Choice) => change(next, false),
    amend: (next: (choice: Choice) => Choice) => change(next, true),
  }
}
