import { Alert } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface ResultNoticeProps {
  /** Null for none. */
  children: ReactNode
  /** It worked, and leaves something to do. */
  isWarning?: boolean
  onClose: () => void
}

/** Reports a change that was made, until it is closed. Always rendered, so that screen readers announce it. */
export function ResultNotice({ children, isWarning = false, onClose }: ResultNoticeProps) {
  const { t } = useTranslation('ui')
  return (
    <div role="status">
      {children === null ? null : (
        <Alert
          color={isWarning ? 'orange' : 'green'}
          icon={isWarning ? <IconAlertTriangle aria-hidden /> : <IconCheck aria-hidden />}
          withCloseButton
          closeButtonLabel={t('states.close')}
          onClose={onClose}
        >
          {children}
        </Alert>
      )}
    </div>
  )
}
