import { Alert, Anchor, Button, List, Stack, Text } from '@mantine/core'
import { IconAlertCircle, IconCheck } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import {
  ListSkeleton,
  QueryPending,
  retryLostConnection,
  useErrorSentence,
  useSession,
  useTRPC,
} from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../../components/links.tsx'
import { NarrowPage } from '../../components/narrow-page.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { useClinic, useMembership } from '../../session/clinic.tsx'
import { useMailedToken } from '../../session/mailed-token.ts'
import { SignInPanel } from '../../session/sign-in-panel.tsx'

/** The page of a claim link, which the clinic gives a walk-in client: the signed-in user takes over their record. */
export function ClaimPage() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const membership = useMembership()
  const token = useMailedToken()
  return (
    <NarrowPage title={t('claim.title')} lead={t('claim.lead', { clinic: clinic.name })}>
      <div className="vc-surface" style={{ padding: '1.5rem' }}>
        {token === '' ? (
          <Refused sentence={t('claim.noToken')} />
        ) : membership === 'unknown' ? (
          <ListSkeleton rows={1} height={160} />
        ) : membership === 'visitor' ? (
          <SignInPanel startWith="signUp" joins={false} />
        ) : (
          <Offer token={token} />
        )}
      </div>
    </NarrowPage>
  )
}

/** Shows the record and takes it over. */
function Offer({ token }: { token: string }) {
  const { t } = useTranslation('owner')
  const trpc = useTRPC()
  const sentence = useErrorSentence()
  const { user, refresh, leave } = useSession()
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
  if (offer.data === undefined) return <QueryPending query={offer} rows={1} height={160} />
  if (offer.data.success && offer.data.yours) return <Done pets={offer.data.pets.length} />
  if (!offer.data.success) return <Refused sentence={sentence(offer.data)} />
  const { clientName, pets } = offer.data
  return (
    <Stack>
      <Text>{t(pets.length === 0 ? 'claim.holdsNone' : 'claim.holds', { name: clientName })}</Text>
      {pets.length === 0 ? null : (
        <List>
          {pets.map((pet, index) => (
            // two pets may have the same name
            <List.Item key={`${pet}-${index}`}>{pet}</List.Item>
          ))}
        </List>
      )}
      <Text size="sm" c="dimmed">
        {t('claim.as', { email: user?.email })}{' '}
        <Anchor component="button" type="button" inherit underline="always" onClick={() => leave()}>
          {t('claim.otherAccount')}
        </Anchor>
      </Text>
      <ProblemAlert problem={claim.error ?? claim.data} />
      <Button loading={claim.isPending} onClick={() => claim.mutate({ token })}>
        {t('claim.take')}
      </Button>
    </Stack>
  )
}

/** Explains why a link does not work and leads to the clinic. */
function Refused({ sentence }: { sentence: string }) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  return (
    <Stack>
      <Alert role="alert" color="red" icon={<IconAlertCircle aria-hidden />}>
        {sentence}
      </Alert>
      <ButtonLink variant="default" to="/$clinic" params={{ clinic: clinic.id }}>
        {t('claim.toClinic', { clinic: clinic.name })}
      </ButtonLink>
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
