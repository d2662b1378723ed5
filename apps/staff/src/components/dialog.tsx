import { Modal } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface DialogProps {
  title: string
  onClose: () => void
  /** Wider, for a list. */
  isWide?: boolean
  children: ReactNode
}

/** A dialog that is there while it is open, and gives the keyboard back to where it was. */
export function Dialog({ title, onClose, isWide = false, children }: DialogProps) {
  const { t } = useTranslation('ui')
  useFocusBack()
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': t('states.close') }}
      centered
      size={isWide ? 'lg' : 'md'}
    >
      {children}
    </Modal>
  )
}

/**
 * Where the keyboard was when this came, it is again when this is gone; where that is gone too, in the dialog that is
 * left open, or at the page's content.
 * The library's dialogs do so only where they outlive their closing.
 */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      // after what the page does with the keyboard by itself
      setTimeout(() => {
        if (document.activeElement !== null && document.activeElement !== document.body) return
        const back =
          before?.isConnected === true
            ? before
            : (document.querySelector('[role="dialog"]') ?? document.getElementById('content'))
        if (back instanceof HTMLElement) back.focus({ preventScroll: true })
      })
    },
    [before],
  )
}
