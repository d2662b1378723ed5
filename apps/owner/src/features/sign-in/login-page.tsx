import { Button, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { ListSkeleton, useSession } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../../components/links.tsx'
import { NarrowPage } from '../../components/narrow-page.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { useClinic, useMembership } from '../../session/clinic.tsx'
import { useJoin } from '../../session/join.ts'
import { SignInPanel } from '../../session/sign-in-panel.tsx'

const route = getRouteApi('/$clinic/login')

/** Signs in or up, joins the clinic, and returns to the previous page. */
export function LoginPage() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const router = useRouter()
  const { back } = route.useSearch()
  const membership = useMembership()
  const onDone = () => router.history.push(back ?? `/${clinic.id}`)
  return (
    <NarrowPage title={t('signIn.title')} lead={t('signIn.lead')}>
      {membership === 'unknown' ? (
        <ListSkeleton rows={1} height={320} />
      ) : membership === 'visitor' ? (
        <div className="vc-surface" style={{ padding: '1.5rem' }}>
          <SignInPanel startWith="signIn" onDone={onDone} />
        </div>
      ) : (
        <SignedIn isStranger={membership === 'stranger'} back={back} onJoined={onDone} />
      )}
    </NarrowPage>
  )
}

interface SignedInProps {
  /** Not a client of this clinic yet. */
  isStranger: boolean
  back: string | undefined
  onJoined: () => void
}

/** For signed-in users: continues to the previous page, or joins this clinic first. */
function SignedIn({ isStranger, back, onJoined }: SignedInProps) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const { user } = useSession()
  const join = useJoin()
  const joining = useMutation({ mutationFn: () => join(), onSuccess: onJoined })
  return (
    <Stack className="vc-surface" p="lg">
      <Text>{t('signIn.already', { name: user?.name })}</Text>
      {isStranger ? (
        <>
          <Text size="sm" c="dimmed">
            {t('signIn.joinLead', { clinic: clinic.name })}
          </Text>
          <ProblemAlert problem={joining.error} />
          <Button loading={joining.isPending} onClick={() => joining.mutate()}>
            {t('signIn.join')}
          </Button>
        </>
      ) : (
        <ButtonLink to={back ?? '/$clinic'} params={{ clinic: clinic.id }}>
          {t('signIn.continue')}
        </ButtonLink>
      )}
    </Stack>
  )
}
