import { ADMIN_KUBECONFIG, CERTIFICATE_FILE, TOKEN_FILE } from '../server/data-dir.ts';

/** The databases in a data directory; the store last, so that a restore cut short leaves the old one in place. */
export const DATABASES = ['journal.sqlite', 'store.sqlite'] as const;

export const STORE_FILE = 'store.sqlite';
export const KEY_FILE = 'encryption-keys.json';

/** What a backup has besides the databases: without the keys its Secrets are lost, without the CA every client must be told anew. */
export const PLAIN_FILES = [KEY_FILE, TOKEN_FILE, CERTIFICATE_FILE, ADMIN_KUBECONFIG, 'pki/ca.crt', 'pki/ca.key', 'pki/server.crt', 'pki/server.key'] as const;
