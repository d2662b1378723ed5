import { Alert, Button, Container, List, Stack, Text, Title } from '@mantine/core'
import { IconAlertCircle, IconCheck } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import {
  ErrorState,
  ListSkeleton,
  retryLostConnection,
  useErrorSentence,
  useSession,
  useTRPC,
} from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useClinic, useStanding } from '../../lib/clinic.tsx'
import { ButtonLink } from '../../lib/links.tsx'
import { useMailedToken } from '../../lib/mailed-token.ts'
import { SignInPanel } from '../../lib/sign-in-panel.tsx'

/** Where the link that the clinic hands a walk-in client leads: the record becomes the account of who opens it. */
export function ClaimPage() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const standing = useStanding()
  return (
    <Container size={440} p={0}>
      <title>{`${t('claim.title')} · ${clinic.name}`}</title>
      <Stack gap="lg">
        <Stack gap={4}>
          <Title>{t('claim.title')}</Title>
          <Text c="dimmed">{t('claim.lead', { clinic: clinic.name })}</Text>
        </Stack>
        <div className="vc-surface" style={{ padding: '1.5rem' }}>
          {standing === 'unknown' ? (
            <ListSkeleton rows={1} height={160} />
          ) : standing === 'visitor' ? (
            <SignInPanel startWith="signUp" />
          ) : (
            <Offer />
          )}
        </div>
      </Stack>
    </Container>
  )
}

/** What the link holds, and the button that takes it over. */
function Offer() {
  const { t } = useTranslation('owner')
  const trpc = useTRPC()
  const sentence = useErrorSentence()
  const { user, refresh } = useSession()
  const token = useMailedToken()
  const offer = useQuery(trpc.clients.claimOffer.queryOptions({ token }))
  const claim = useMutation(
    trpc.clients.claim.mutationOptions({
      ...retryLostConnection,
      onSuccess: async (result) => {
        if (result.success) await refresh()
      },
    }),
  )
  if (claim.data?.success === true) return <Done pets={claim.data.pets} />
  if (offer.data === undefined) {
    return offer.error === null ? (
      <ListSkeleton rows={1} height={160} />
    ) : (
      <ErrorState error={offer.error} onRetry={() => offer.refetch()} />
    )
  }
  if (offer.data.success && offer.data.yours) return <Done pets={offer.data.pets.length} />
  const refused = offer.data.success ? (claim.error ?? claim.data ?? null) : offer.data
  return (
    <Stack>
      {offer.data.success ? (
        <>
          <Text>{t('claim.holds', { name: offer.data.clientName })}</Text>
          <List>
            {offer.data.pets.map((pet, index) => (
              // two pets may bear one name
              <List.Item key={`${pet}-${index}`}>{pet}</List.Item>
            ))}
          </List>
          <Text size="sm" c="dimmed">
            {t('claim.as', { email: user?.email })}
          </Text>
        </>
      ) : null}
      {refused === null ? null : (
        <Alert role="alert" color="red" icon={<IconAlertCircle aria-hidden />}>
          {sentence(refused)}
        </Alert>
      )}
      {offer.data.success ? (
        <Button loading={claim.isPending} onClick={() => claim.mutate({ token })}>
          {t('claim.take')}
        </Button>
      ) : null}
    </Stack>
  )
}

function Done({ pets }: { pets: number }) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  return (
    <Stack>
      <Alert role="status" color="green" icon={<IconCheck aria-hidden />} title={t('claim.done')}>
        {t('claim.doneHint', { count: pets })}
      </Alert>
      <ButtonLink to="/$clinic/portal/appointments" params={{ clinic: clinic.id }}>
        {t('claim.toAppointments')}
      </ButtonLink>
    </Stack>
  )
}
