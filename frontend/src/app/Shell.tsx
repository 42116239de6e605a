import { ActionIcon, AppShell, Button, Group, Kbd, NavLink, Stack, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconHelp, IconPlus } from '@tabler/icons-react'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Outlet, useLocation, useNavigate } from 'react-router'
import { useMay } from '../session/session'
import { part } from '../shared/part'
import { RowSkeletons } from '../shared/RowSkeletons'
import { AccountMenu } from './AccountMenu'
import { Brand } from './Brand'
import { CrashBoundary } from './CrashBoundary'
import { isAt, usePlaces } from './navigation'
import { OfflineBanner } from './OfflineBanner'
import { LanguageSwitch, ThemeSwitch } from './Settings'
import classes from './Shell.module.css'
import { focusSearch, useShortcuts } from './shortcuts'
import { useScroll } from './useScroll'

const Help = part(() => import('./Help'), { patient: true })

/** The frame of every screen: navigation at the side, or at the bottom of a phone. */
export function Shell() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const may = useMay()
  const { pathname } = useLocation()
  const [helping, help] = useDisclosure(false)
  useScroll()
  useShortcuts({
    n: () => may('orders.add_order') && void navigate('/orders/new'),
    '/': () => focusSearch() || void navigate('/orders', { state: { search: true } }),
    '?': help.open,
  })
  return (
    <AppShell
      header={{ height: { base: 52, sm: 0 } }}
      footer={{ height: { base: 58, sm: 0 } }}
      navbar={{ width: 212, breakpoint: 'sm', collapsed: { mobile: true } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <AppShell.Header hiddenFrom="sm" className={classes.bar} px="sm">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Brand />
          <Group gap={4} wrap="nowrap">
            <LanguageSwitch />
            <ThemeSwitch />
            <AccountMenu compact />
          </Group>
        </Group>
      </AppShell.Header>
      <Sidebar onHelp={help.open} />
      <AppShell.Main id="content">
        <OfflineBanner />
        <div className={classes.content}>
          <CrashBoundary key={pathname}>
            <Suspense fallback={<RowSkeletons />}>
              <Outlet />
            </Suspense>
          </CrashBoundary>
        </div>
      </AppShell.Main>
      <TabBar />
      {helping && (
        <Suspense>
          <Help onClose={help.close} />
        </Suspense>
      )}
    </AppShell>
  )
}

function Sidebar({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation()
  const may = useMay()
  const { pathname } = useLocation()
  return (
    <AppShell.Navbar visibleFrom="sm" className={classes.navbar} p="sm" aria-label={t('nav.label')}>
      <Stack gap="md" h="100%">
        <Group px={6} pt={6}>
          <Brand />
        </Group>
        {may('orders.add_order') && (
          <Button
            component={Link}
            to="/orders/new"
            leftSection={<IconPlus size={17} />}
            rightSection={<Kbd size="xs">n</Kbd>}
            justify="space-between"
          >
            {t('help.newOrder')}
          </Button>
        )}
        <Stack gap={2} flex={1}>
          {usePlaces().map(({ to, text, icon: Icon }) => (
            <NavLink
              key={to}
              component={Link}
              to={to}
              label={t(`nav.${text}`)}
              leftSection={<Icon size={18} stroke={1.6} />}
              className={classes.link}
              active={isAt(to, pathname)}
              aria-current={isAt(to, pathname) ? 'page' : undefined}
            />
          ))}
        </Stack>
        <Group justify="space-between" wrap="nowrap">
          <LanguageSwitch />
          <Group gap={4} wrap="nowrap">
            <ThemeSwitch />
            <Tooltip label={t('help.open')}>
              <ActionIcon variant="subtle" color="gray" aria-label={t('help.open')} onClick={onHelp}>
                <IconHelp size={18} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
        <AccountMenu />
      </Stack>
    </AppShell.Navbar>
  )
}

function TabBar() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  return (
    <AppShell.Footer hiddenFrom="sm" className={classes.bar}>
      <Group component="nav" h="100%" gap={0} wrap="nowrap" aria-label={t('nav.label')} align="stretch">
        {usePlaces().map(({ to, text, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            className={classes.tab}
            data-active={isAt(to, pathname) || undefined}
            aria-current={isAt(to, pathname) ? 'page' : undefined}
          >
            <Icon size={21} stroke={1.6} aria-hidden />
            {t(`nav.${text}`)}
          </Link>
        ))}
      </Group>
    </AppShell.Footer>
  )
}
