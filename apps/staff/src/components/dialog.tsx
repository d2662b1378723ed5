import { Modal } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface DialogProps {
  title: string
  onClose: () => void
  /** Wider, for a list. */
  isWide?: boolean
  /** For long forms: wide, from the top of the screen, and all of a phone's screen. */
  isLong?: boolean
  /** Ignores clicks outside, which would lose what was typed. */
  isSticky?: boolean
  children: ReactNode
}

/** A modal dialog that is mounted only while it is open. */
export function Dialog({
  title,
  onClose,
  isWide = false,
  isLong = false,
  isSticky = false,
  children,
}: DialogProps) {
  const { t } = useTranslation('ui')
  const isPhone = useMediaQuery('(max-width: 36em)')
  useRestoreFocus()
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': t('states.close') }}
      closeOnClickOutside={!isSticky}
      centered={!isLong}
      fullScreen={isLong && isPhone}
      size={isWide || isLong ? 'lg' : 'md'}
    >
      {children}
    </Modal>
  )
}

/**
 * On unmount, gives the focus back to the element that had it before. If that is gone, to a dialog that is still open,
 * or to the page's content. Mantine does this only for dialogs that stay mounted while they close.
 */
function useRestoreFocus(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      // after anything else that moves the focus
      setTimeout(() => {
        if (document.activeElement !== null && document.activeElement !== document.body) return
        const target =
          before?.isConnected === true
            ? before
            : (document.querySelector('[role="dialog"]') ?? document.getElementById('content'))
        if (target instanceof HTMLElement) target.focus({ preventScroll: true })
      })
    },
    [before],
  )
}
