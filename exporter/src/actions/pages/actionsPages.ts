import { Router } from 'express';
import { readConfigText } from '../../config/configSource.js';
import { parseUsers } from '../../config/usersFile.js';
import type { ActionsContext } from '../actionsContext.js';
import { linkAddress } from '../links/linkAddress.js';
import { readLinkKeys } from '../links/linkKeys.js';
import { onFailedPage } from './failedPage.js';
import { linkRoutes } from './linkRoutes.js';
import { staffRoutes } from './staffRoutes.js';

/** Every page that people open; keys and users are read at each use. */
export function actionsPages(context: ActionsContext): Router {
  const { database, now, log, configuration } = context;
  const shared = {
    database,
    now,
    keys: () => readLinkKeys(configuration().actions.links.keyFile),
    timeZone: () => configuration().exporter.timeZone,
  };
  const router = Router();
  router.use(linkRoutes({ ...shared, linkAddress: (link, at) => linkAddress(context, link, at) }));
  router.use(
    staffRoutes({
      ...shared,
      users: () => {
        const { usersFile } = configuration().actions;
        return parseUsers(readConfigText(usersFile), usersFile);
      },
      externalUrl: () => configuration().actions.externalUrl,
      carryForwardDays: () => configuration().exporter.carryForwardDays,
      decides: () => 'Chairman',
      log,
    }),
  );
  router.use(onFailedPage(log));
  return router;
}
