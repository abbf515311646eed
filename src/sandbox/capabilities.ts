// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * What root of a root may do (capabilities(7)), each with what in a package's installation needs it. All others are gone
 * for good, since no-new-privileges holds: above all SYS_ADMIN (mount), SYS_MODULE, SYS_PTRACE, SYS_RAWIO,
 * DAC_READ_SEARCH (open_by_handle_at leaves the root), NET_ADMIN, SYS_TIME, SYS_BOOT.
 *
 * MKNOD is not among them: devices can't be made in a user namespace anyway, every mount is nodev, and a package that
 * makes one fails the same way for root and for an ordinary user. FIFOs, sockets and whiteouts (0, 0) need none.
 */
export const installationCapabilities: readonly string[] = [
  'CAP_CHOWN', // dpkg gives files their owners
  'CAP_DAC_OVERRIDE', // maintainer scripts write into directories of other users (games, mail, man)
  'CAP_FOWNER', // chmod and utime on files of other users
  'CAP_FSETID', // set-group-ID survives the writing of a file or directory of a group that root isn't in
  'CAP_SETUID', // maintainer scripts run parts as another user (runuser, start-stop-daemon --chuid, apt's _apt)
  'CAP_SETGID', // the same
  'CAP_SETPCAP', // setpriv empties the bounding set of the build user
  'CAP_SETFCAP', // setcap in a postinst (iputils-ping, gstreamer's helper)
  'CAP_SYS_CHROOT', // tools with --root (useradd, systemd-sysusers, update-initramfs); it can't leave a pivoted root
  'CAP_KILL', // start-stop-daemon --stop on a process of another user; reaches the own PID namespace only
  'CAP_AUDIT_WRITE', // PAM refuses su and useradd to a root whose audit message the kernel turns down
];

/** What must be left for `setpriv` to become the build user, which then has none. */
export const identityChangeCapabilities: readonly string[] = ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'];
