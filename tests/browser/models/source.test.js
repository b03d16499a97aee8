/** Which addresses a model may come from, and what an address names. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { isPrivateHost } from '../../../www/models/private-hosts.js';
import { fromText, hubFrom } from '../../../www/models/source.js';

const HUB = hubFrom(null);
/** @param {string} hostname */
const visitAt = (hostname) => Object.assign(globalThis, { location: { hostname } });
afterEach(() => Reflect.deleteProperty(globalThis, 'location'));

const PRIVATE = [
  'localhost',
  'LOCALHOST',
  'localhost.',
  'sub.localhost',
  'printer.local',
  'printer.local.',
  'router',
  'nas.lan',
  'x.home.arpa',
  'metadata.google.internal',
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '127.0.0.1.',
  '１２７.0.0.1',
  '0',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.127.255.255',
  '169.254.169.254',
  '0xa9fea9fe',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '192.0.0.8',
  '198.18.0.1',
  '198.19.255.255',
  '224.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[ff02::1]',
  '[100::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:0:10.0.0.1]',
  '[::127.0.0.1]',
  '[64:ff9b::10.0.0.1]',
  '[64:ff9b:1::1]',
  '[2002:7f00:1::]',
  '[2002:c0a8:101::1]',
  '[2001:0:0:0:0:0:80ff:fffe]',
];
const PUBLIC = [
  'huggingface.co',
  'hf-mirror.com',
  'localhost.example.org',
  'local.example.org',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '172.15.255.255',
  '172.32.0.1',
  '192.167.1.1',
  '192.169.1.1',
  '169.253.1.1',
  '198.17.1.1',
  '198.20.1.1',
  '223.255.255.255',
  '128.0.0.1',
  '[2606:4700::1111]',
  '[2a00:1450::1]',
  '[::ffff:8.8.8.8]',
  '[64:ff9b::8.8.8.8]',
  '[2002:808:808::1]',
];

test('hosts of this computer and its network are told from public ones, however they are written', () => {
  const parsed = (/** @type {string} */ host) => new URL(`http://${host}/`).hostname;
  for (const host of PRIVATE) assert.ok(isPrivateHost(parsed(host)), `${host} (${parsed(host)}) is private`);
  for (const host of PUBLIC) assert.ok(!isPrivateHost(parsed(host)), `${host} (${parsed(host)}) is public`);
});

test('a link to a private hub is refused with the reason, unless the page itself is there', () => {
  visitAt('example.org');
  for (const host of PRIVATE) {
    const hub = hubFrom(`http://${host}/`);
    assert.equal(hub.address, HUB.address);
    assert.equal(hub.isForeign, false);
    assert.match(hub.refusal, /not a public address/, host);
    assert.throws(() => fromText(`http://${host}/a/b/resolve/main/model.safetensors`, HUB), /not a public address/);
  }
  visitAt('127.0.0.1');
  assert.equal(hubFrom('http://127.0.0.1:8000/').address, 'http://127.0.0.1:8000');
  assert.match(hubFrom('http://192.168.0.1').refusal, /not a public address/);
});

test('a hub from a link is foreign, Hugging Face is not; what is no address is refused', () => {
  assert.deepEqual(hubFrom('https://hf-mirror.com/'), {
    address: 'https://hf-mirror.com',
    host: 'hf-mirror.com',
    isForeign: true,
    refusal: '',
  });
  assert.equal(hubFrom('https://huggingface.co/').isForeign, false);
  assert.equal(hubFrom('https://huggingface.co/somebody').isForeign, true);
  assert.equal(hubFrom('http://huggingface.co').isForeign, true);
  for (const text of [
    'nonsense',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://huggingface.co@evil.example',
    'data:,x',
  ]) {
    const { address, refusal } = hubFrom(text);
    assert.equal(address, HUB.address);
    assert.match(refusal, /not allowed/, text);
  }
});

test('the part after @ is a revision or nothing', () => {
  const folder = (/** @type {string} */ text) => fromText(text, HUB).weights[0].replace(/\/[^/]*$/, '');
  for (const revision of ['main', 'v1.0', '0123456789abcdef0123456789abcdef01234567', 'refs/pr/1', 'feature/x+y']) {
    assert.equal(
      folder(`owner/name@${revision}`),
      `https://huggingface.co/owner/name/resolve/${encodeURIComponent(revision)}`,
    );
  }
  for (const revision of [
    '',
    '.',
    '..',
    '../../other/name/resolve/main',
    'a/../b',
    '/main',
    'main/',
    'a//b',
    'main?x',
    'main#x',
    '%2e%2e',
    'a b',
    'a\\b',
    '-x',
    'x'.repeat(300),
    'main@main',
  ]) {
    assert.throws(() => fromText(`owner/name@${revision}`, HUB), /is not a revision|is not a repository/, revision);
  }
  for (const repository of ['../name', 'owner/..', './name', 'a/b/c', 'a', 'owner/na..me'])
    assert.throws(() => fromText(repository, HUB), /is not a repository/, repository);
  assert.equal(
    folder('https://huggingface.co/owner/name/tree/refs%2Fpr%2F1'),
    'https://huggingface.co/owner/name/resolve/refs%2Fpr%2F1',
  );
  assert.throws(() => fromText('https://huggingface.co/owner/name/tree/a%3Fb', HUB), /is not a revision/);
});

test('no two addresses share a folder in the storage', () => {
  const addresses = [
    'owner/name-x',
    'owner-name/x',
    'owner/name@x',
    'owner/name',
    'https://huggingface.co/owner/name/resolve/main/model.safetensors',
    'http://huggingface.co/owner/name',
    'https://huggingface.co:444/owner/name',
    'https://huggingface.co-444/owner/name',
  ];
  assert.equal(new Set(addresses.map((text) => fromText(text, HUB).id)).size, addresses.length);
});
