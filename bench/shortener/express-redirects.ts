// A peer: plain Express 5, one route, res.redirect.
import type { AddressInfo } from 'node:net';
import express from 'express';

const locations = new Map([['go', 'http://google.com']]);
const app = express();
app.get('/:code', (req, res) => res.redirect(locations.get(req.params.code) ?? '/'));
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
