import { Alert, Anchor, Button, Loader, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { limits } from '@vetcita/contracts/limits'
import { ErrorState, SignInForm, SignUpForm, useSession, useTRPC } from '@vetcita/ui'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePageTitle } from '../../components/page-title.ts'
import { ProblemAlert, problemOf } from '../../components/problem-alert.tsx'
import { ForgotLink } from './forgot-link.tsx'

interface JoinPageProps {
  clinic: string
  /** The invitation's token; empty if the address has none. */
  token: string
  onEnter: () => void
}

/** The page that an invitation links to: sign in or up, see the offered role, accept it. */
export function JoinPage({ clinic, token, onEnter }: JoinPageProps) {
  const { t } = useTranslation(['staff', 'ui'])
  const { user, error, refresh } = useSession()
  usePageTitle(t('join.title'))
  return (
    <div className="vc-surface vs-panel">
      <Stack gap="lg">
        <Title order={1} size="h2">
          {t('join.title')}
        </Title>
        {token === '' ? (
          <Invalid>
            <Alert role="alert" color="red" icon={<IconAlertCircle aria-hidden />}>
              {t('join.noToken')}
            </Alert>
          </Invalid>
        ) : user === undefined ? (
          error === null || error === undefined ? (
            <Loader role="status" aria-label={t('ui:states.loading')} className="vs-late" />
          ) : (
            <ErrorState error={error} onRetry={refresh} />
          )
        ) : user === null ? (
          <SignInOrUp clinic={clinic} onSuccess={refresh} />
        ) : (
          <Offer clinic={clinic} user={user} token={token} onEnter={onEnter} />
        )}
      </Stack>
    </div>
  )
}

function SignInOrUp({ clinic, onSuccess }: { clinic: string; onSuccess: () => Promise<void> }) {
  const { t } = useTranslation(['staff', 'ui'])
  const trpc = useTRPC()
  const [isNew, setNew] = useState(false)
  // the clinic's name is public; the offered role is shown after signing in
  const name = useQuery(trpc.clinic.get.queryOptions()).data?.name
  return (
    <Stack>
      <Text c="dimmed">{name === undefined ? t('join.lead') : t('join.leadOf', { clinic: name })}</Text>
      {isNew ? (
        <SignUpForm clinic={clinic} asksPhone={false} onSuccess={onSuccess} />
      ) : (
        <SignInForm onSuccess={onSuccess} />
      )}
      {isNew ? null : <ForgotLink />}
      <Text ta="center">
        {t(isNew ? 'ui:auth.haveAccount' : 'ui:auth.noAccount')}{' '}
        <Anchor component="button" type="button" fw={600} onClick={() => setNew(!isNew)}>
          {t(isNew ? 'ui:auth.signIn' : 'ui:auth.signUp')}
        </Anchor>
      </Text>
    </Stack>
  )
}

interface OfferProps {
  clinic: string
  user: { name: string; email: string }
  token: string
  onEnter: () => void
}

function Offer({ clinic, user, token, onEnter }: OfferProps) {
  const { t } = useTranslation(['staff', 'ui'])
  const trpc = useTRPC()
  const { clinics, refresh, leave } = useSession()
  const [name, setName] = useState(user.name)
  const offer = useQuery(trpc.settings.staff.offer.queryOptions({ token }))
  const accept = useMutation(
    trpc.settings.staff.accept.mutationOptions({
      onSuccess: async (result) => {
        if (!result.success) return
        await refresh()
        onEnter()
      },
    }),
  )
  if (offer.data === undefined) {
    return offer.error === null ? (
      <Loader role="status" aria-label={t('ui:states.loading')} className="vs-late" />
    ) : (
      <ErrorState error={offer.error} onRetry={() => offer.refetch()} />
    )
  }
  if (!offer.data.success) {
    return (
      <SignedIn email={user.email} onLeave={leave}>
        <Invalid>
          <ProblemAlert problem={offer.data} />
        </Invalid>
      </SignedIn>
    )
  }
  const { clinicName, role, yours } = offer.data
  const isStaff = clinics.some((known) => known.id === clinic && known.role !== 'owner')
  return (
    <SignedIn email={user.email} onLeave={leave}>
      {yours || isStaff ? (
        <>
          <Text>{t(yours ? 'join.yours' : 'join.already', { clinic: clinicName })}</Text>
          <Button onClick={onEnter}>{t('join.enter')}</Button>
        </>
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            accept.mutate({ token, ...(name.trim() === '' ? {} : { fullName: name.trim() }) })
          }}
        >
          <Stack>
            <Text fw={600}>{t('join.offer', { clinic: clinicName, role: t(`user.role.${role}`) })}</Text>
            <TextInput
              label={t('join.name')}
              value={name}
              maxLength={limits.personName}
              autoComplete="name"
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <ProblemAlert problem={problemOf(accept)} />
            <Button type="submit" loading={accept.isPending}>
              {t('join.accept')}
            </Button>
          </Stack>
        </form>
      )}
    </SignedIn>
  )
}

/** Explains why an invitation cannot be accepted, with a link to the app. */
function Invalid({ children }: { children: ReactNode }) {
  const { t } = useTranslation('staff')
  return (
    <Stack>
      {children}
      <Button variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
        {t('join.toApp')}
      </Button>
    </Stack>
  )
}

/** Shows which account is signed in, with the way to use another one. */
function SignedIn(props: { email: string; onLeave: () => Promise<boolean>; children: ReactNode }) {
  const { t } = useTranslation('staff')
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('join.as', { email: props.email })}{' '}
        <Anchor component="button" type="button" inherit underline="always" onClick={() => props.onLeave()}>
          {t('join.otherAccount')}
        </Anchor>
      </Text>
      {props.children}
    </Stack>
  )
}
