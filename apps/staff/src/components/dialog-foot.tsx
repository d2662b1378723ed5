import { Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'

interface DialogFootProps {
  /** Shown above the buttons: a refusal, or something to confirm first. */
  children: ReactNode
  buttons: ReactNode
}

/** The end of a long dialog, which stays in view while the dialog scrolls. */
export function DialogFoot({ children, buttons }: DialogFootProps) {
  return (
    <Stack gap="sm" className="vs-dialog-foot">
      {children}
      <Group justify="flex-end" className="vs-dialog-buttons">
        {buttons}
      </Group>
    </Stack>
  )
}
