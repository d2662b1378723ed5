import { Button, Group, Stack } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from './dialog.tsx'
import { ProblemAlert } from './problem-alert.tsx'

interface FormDialogProps {
  title: string
  onClose: () => void
  onSubmit: (event: FormEvent<HTMLFormElement>) => void
  /** What the confirming button says. */
  action: string
  isBusy: boolean
  /** Why it did not work. */
  problem: unknown
  /** It takes something away. */
  isGrave?: boolean
  /** Wider, for a list. */
  isWide?: boolean
  children: ReactNode
}

/** A dialog with something to fill in or to confirm; it stays open until the answer is there. */
export function FormDialog({
  title,
  onClose,
  onSubmit,
  action,
  isBusy,
  problem,
  isGrave = false,
  isWide = false,
  children,
}: FormDialogProps) {
  const { t } = useTranslation('staff')
  return (
    <Dialog title={title} onClose={onClose} isWide={isWide}>
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          {children}
          <ProblemAlert problem={problem} />
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={onClose} disabled={isBusy}>
              {t('office.cancel')}
            </Button>
            <Button type="submit" loading={isBusy} {...(isGrave ? { color: 'red.9' } : {})}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
