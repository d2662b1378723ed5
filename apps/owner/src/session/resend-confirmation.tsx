import { Button, Text } from '@mantine/core'
import { FailureAlert, requestConfirmation, useAuthCall, useSession } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClinic } from './clinic.tsx'

/** A button that sends the confirmation mail again. */
export function ResendConfirmation({ email }: { email: string }) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const { refresh } = useSession()
  const { failure, busy, run } = useAuthCall()
  const [isSent, setIsSent] = useState(false)
  const send = () =>
    run(
      async () => {
        const refused = await requestConfirmation(email, clinic.id)
        // already confirmed on another device: there is nothing to send
        if (refused === 'unexpected') await refresh()
        return refused
      },
      () => setIsSent(true),
    )
  return (
    <>
      <FailureAlert failure={failure} />
      <Text size="sm" role="status">
        {isSent ? t('confirm.sent', { email }) : ''}
      </Text>
      {isSent ? null : (
        <Button variant="default" size="compact-sm" loading={busy} onClick={send}>
          {t('confirm.again')}
        </Button>
      )}
    </>
  )
}
