import { ActionIcon, Badge, Button, Group, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { IconPencil, IconPlus, IconStethoscope } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ServiceSetting } from '@vetcita/contracts'
import {
  EmptyState,
  ErrorState,
  formatMinutes,
  formatMoney,
  ListSkeleton,
  useLanguage,
  useTRPC,
} from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ServiceDialog } from './service-dialog.tsx'

/** What the clinic offers: how long it takes, how long the vet is busy after it, what it costs. */
export function ServicesTab({ currency }: { currency: string }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const services = useQuery(trpc.settings.services.queryOptions())
  const [open, setOpen] = useState<ServiceSetting | 'new' | null>(null)
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text c="dimmed">{t('services.keeps')}</Text>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setOpen('new')}>
          {t('services.new')}
        </Button>
      </Group>
      {services.data === undefined ? (
        services.error === null ? (
          <ListSkeleton rows={6} height={44} />
        ) : (
          <ErrorState error={services.error} onRetry={() => services.refetch()} />
        )
      ) : services.data.length === 0 ? (
        <EmptyState icon={IconStethoscope} title={t('services.none')} />
      ) : (
        <ServiceTable services={services.data} currency={currency} onEdit={setOpen} />
      )}
      {open === null ? null : (
        <ServiceDialog
          service={open === 'new' ? null : open}
          currency={currency}
          onClose={() => setOpen(null)}
        />
      )}
    </Stack>
  )
}

interface ServiceTableProps {
  services: readonly ServiceSetting[]
  currency: string
  onEdit: (service: ServiceSetting) => void
}

function ServiceTable({ services, currency, onEdit }: ServiceTableProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  return (
    <div className="vc-surface vs-table">
      <Table verticalSpacing="xs">
        <VisuallyHidden component="caption">{t('settings.services')}</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('services.name')}</Table.Th>
            <Table.Th scope="col">{t('services.durationOf')}</Table.Th>
            <Table.Th scope="col">{t('services.bufferOf')}</Table.Th>
            <Table.Th scope="col" ta="end">
              {t('services.price')}
            </Table.Th>
            <Table.Th>
              <VisuallyHidden>{t('office.edit')}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {services.map((service) => (
            <Table.Tr key={service.id}>
              <Table.Td>
                <Group gap="xs">
                  <Text fw={600}>{service.name}</Text>
                  {service.isActive ? null : (
                    <Badge variant="light" color="gray" tt="none">
                      {t('services.inactive')}
                    </Badge>
                  )}
                </Group>
              </Table.Td>
              <Table.Td>{formatMinutes(service.durationMinutes)}</Table.Td>
              <Table.Td>
                {service.bufferMinutes === 0 ? t('office.none') : formatMinutes(service.bufferMinutes)}
              </Table.Td>
              <Table.Td ta="end" className="vs-nowrap">
                {formatMoney(service.price, currency, language)}
              </Table.Td>
              <Table.Td ta="end">
                <ActionIcon
                  variant="subtle"
                  size="lg"
                  aria-label={t('services.edit', { name: service.name })}
                  onClick={() => onEdit(service)}
                >
                  <IconPencil size={18} aria-hidden />
                </ActionIcon>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
