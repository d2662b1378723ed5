import { Button, Group, Stack } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from './dialog.tsx'
import { ProblemAlert } from './problem-alert.tsx'

interface FormDialogProps {
  title: string
  onClose: () => void
  onSubmit: (event: FormEvent<HTMLFormElement>) => void
  /** The label of the submit button. */
  action: string
  /** The label of the button that closes the dialog; "Cancel" by default. */
  dismiss?: string
  isBusy: boolean
  /** A refusal or an error to explain; null or undefined for none. */
  problem?: unknown
  /** The action deletes something. */
  isGrave?: boolean
  /** Wider, for a list. */
  isWide?: boolean
  children: ReactNode
}

/** A dialog with a form. It stays open until the caller closes it, so that a refusal can be read and corrected. */
export function FormDialog({
  title,
  onClose,
  onSubmit,
  action,
  dismiss,
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
              {dismiss ?? t('office.cancel')}
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

interface ConfirmDialogProps
  extends Pick<FormDialogProps, 'title' | 'onClose' | 'action' | 'isBusy' | 'problem' | 'children'> {
  onConfirm: () => void
}

/** Asks before something is deleted. */
export function ConfirmDialog({ onConfirm, ...props }: ConfirmDialogProps) {
  return (
    <FormDialog
      {...props}
      isGrave
      onSubmit={(event) => {
        event.preventDefault()
        onConfirm()
      }}
    />
  )
}
