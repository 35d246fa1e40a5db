// The service slack of docker-compose.yml: `docker compose logs -f slack` shows what would have been posted.
import { createSlackStandIn } from './slackStandIn.js';

const PORT = 8080;

const server = createSlackStandIn((line) => console.log(line)).listen(PORT);
// The first process of a container has no default for signals.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
