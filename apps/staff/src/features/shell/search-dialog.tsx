import { ActionIcon, Modal } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PetFinder } from '../../components/pet-finder.tsx'
import { usePageKeys } from '../../components/use-page-keys.ts'

/** Opens a search for clients, which leads to their records. The key `/` opens it, too. */
export function SearchButton({ clinic }: { clinic: string }) {
  const { t } = useTranslation(['staff', 'ui'])
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  // on keyboards where `/` needs Shift
  usePageKeys({ '/': () => setOpen(true), 'shift+/': () => setOpen(true) })
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t('search.open')}
        aria-keyshortcuts="/"
        title={`${t('search.open')} ( / )`}
        onClick={() => setOpen(true)}
      >
        <IconSearch size={20} aria-hidden />
      </ActionIcon>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('search.open')}
        closeButtonProps={{ 'aria-label': t('ui:states.close') }}
      >
        <PetFinder
          label={t('search.label')}
          clientOption={(client) => t('search.client', { name: client.fullName })}
          onFound={(found) => {
            if (found.kind === 'new') return
            setOpen(false)
            navigate({ to: '/$clinic/clients/$client', params: { clinic, client: found.client.id } })
          }}
        />
      </Modal>
    </>
  )
}
