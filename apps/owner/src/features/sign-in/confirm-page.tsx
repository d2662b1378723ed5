import { Alert, Button, Stack, Text } from '@mantine/core'
import { IconAlertCircle, IconCheck } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { confirmEmail, ListSkeleton, useSession, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../../components/links.tsx'
import { NarrowPage } from '../../components/narrow-page.tsx'
import { useClinic } from '../../session/clinic.tsx'
import { useMailedToken } from '../../session/mailed-token.ts'
import { ResendConfirmation } from '../../session/resend-confirmation.tsx'

/** The page of the confirmation mail's link: confirms the address, or explains why not and offers another link. */
export function ConfirmPage() {
  const { t } = useTranslation(['owner', 'ui'])
  const clinic = useClinic()
  const { user } = useSession()
  const { outcome, isPending, again } = useConfirmation()
  const onwards = (
    <ButtonLink to="/$clinic" params={{ clinic: clinic.id }}>
      {t('owner:confirm.continue')}
    </ButtonLink>
  )
  return (
    <NarrowPage title={t('owner:confirm.title')}>
      <Stack className="vc-surface" p="lg">
        {isPending ? (
          <ListSkeleton rows={1} height={96} />
        ) : outcome === null ? (
          <>
            <Alert
              role="status"
              color="green"
              icon={<IconCheck aria-hidden />}
              title={t('owner:confirm.done')}
            >
              {t('owner:confirm.doneHint')}
            </Alert>
            {onwards}
          </>
        ) : (
          <>
            <Alert
              role="alert"
              color="red"
              icon={<IconAlertCircle aria-hidden />}
              title={t('owner:confirm.failed')}
            >
              {t(`ui:auth.failure.${outcome ?? 'link'}`)}
            </Alert>
            {outcome === 'connection' || outcome === 'unexpected' || outcome === 'tooMany' ? (
              <Button onClick={again}>{t('ui:states.retry')}</Button>
            ) : user === null || user === undefined ? (
              <>
                <Text size="sm">{t('owner:confirm.signInHint')}</Text>
                <ButtonLink
                  to="/$clinic/login"
                  params={{ clinic: clinic.id }}
                  search={{ back: `/${clinic.id}/account` }}
                >
                  {t('ui:auth.signIn')}
                </ButtonLink>
              </>
            ) : user.emailVerified ? (
              onwards
            ) : (
              <ResendConfirmation email={user.email} />
            )}
          </>
        )}
      </Stack>
    </NarrowPage>
  )
}

/** Confirms once per token; showing the page again sends nothing. */
function useConfirmation() {
  const token = useMailedToken()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const query = useQuery({
    queryKey: ['confirmation', token],
    queryFn: async () => {
      if (token === '') return 'link' as const
      const failure = await confirmEmail(token)
      if (failure === null) await queryClient.invalidateQueries({ queryKey: trpc.session.me.queryKey() })
      return failure
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  return { outcome: query.data, isPending: query.isFetching, again: () => void query.refetch() }
}
