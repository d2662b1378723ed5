import { Alert } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuthFailure } from './auth-client.ts'

/** Explains a failure in one sentence; renders nothing without one. */
export function FailureAlert({ failure }: { failure: AuthFailure | null }) {
  const { t } = useTranslation('ui')
  if (failure === null) return null
  return (
    <Alert role="alert" color="red" icon={<IconAlertCircle aria-hidden />}>
      {t(`auth.failure.${failure}`)}
    </Alert>
  )
}

/** Runs calls of the auth client; reports whether one is running and why the last one failed. */
export function useAuthCall<Failure extends string = AuthFailure>() {
  const [failure, setFailure] = useState<Failure | 'connection' | null>(null)
  const [busy, setBusy] = useState(false)
  const run = async (call: () => Promise<Failure | null>, onSuccess?: () => Promise<void> | void) => {
    setBusy(true)
    setFailure(null)
    try {
      const refused = await call()
      setFailure(refused)
      if (refused === null) await onSuccess?.()
    } catch {
      setFailure('connection')
    } finally {
      setBusy(false)
    }
  }
  return { failure, busy, run }
}
