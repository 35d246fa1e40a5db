import { readActionsConfig } from '../config/actionsConfig.js';
import { loadConfigFiles, readConfigText } from '../config/configSource.js';
import { readSecretFile } from '../config/passwordSource.js';
import { ofPortfolio, parseRecipients } from '../config/recipientsFile.js';
import { parseUsers } from '../config/usersFile.js';
import { loadUnits } from '../kpi/unit/loadUnits.js';
import { unitDirectories } from '../kpi/unit/unitDirectories.js';
import { ConfigError, type Problem } from '../yaml/problem.js';
import { readLinkKeys } from './links/linkKeys.js';
import type { ActionsConfiguration } from './actionsConfiguration.js';

/** Where the YAML files are; absolute. */
export interface ActionsPaths {
  readonly actionsFile: string;
  readonly configFile: string;
  readonly thresholdsFile: string;
}

/**
 * Reads actions.yaml and what it goes by: the files that it names, the exporter's files, and the KPI units. Throws ConfigError with
 * every problem of all of them; those of the units only once exporter.yaml and thresholds.yaml are right.
 * @param watch told which files and directories those are before they are read, also where the configuration is then refused
 */
export async function loadActionsConfiguration(
  paths: ActionsPaths,
  watch: (named: readonly string[]) => void = () => undefined,
): Promise<ActionsConfiguration> {
  const problems: Problem[] = [];
  const attempt = async <T>(read: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return null;
    }
  };
  const own = await attempt(() => readActionsConfig(readConfigText(paths.actionsFile), paths.actionsFile));
  const files = await attempt(() => loadConfigFiles(paths));
  const directories = files === null ? [] : unitDirectories(files.exporter);
  watch([...(own === null ? [] : namedFiles(own.config)), ...directories]);
  const recipients =
    own &&
    (await attempt(() => {
      const { recipientsFile, portfolio } = own.config;
      return ofPortfolio(parseRecipients(readConfigText(recipientsFile), recipientsFile), portfolio);
    }));
  if (own !== null) {
    const usable = (path: string[], read: () => unknown): void => {
      try {
        read();
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        problems.push(own.problemAt(path, error.message));
      }
    };
    const { webhook, links, usersFile } = own.config;
    usable(['webhook', 'token_file'], () => readSecretFile(webhook.tokenFile, 'webhook.token_file'));
    usable(['links', 'key_file'], () => readLinkKeys(links.keyFile));
    await attempt(() => parseUsers(readConfigText(usersFile), usersFile));
  }
  const loaded = files && (await attempt(() => loadUnits(directories, files.exporter, files.exporterProblemAt)));
  if (own === null || files === null || recipients === null || loaded === null || problems.length > 0) {
    throw new ConfigError(problems);
  }
  const { exporter, thresholds } = files;
  return { actions: own.config, exporter, thresholds: thresholds.values, units: loaded.units, recipients };
}

function namedFiles({ recipientsFile, usersFile, webhook, links }: ActionsConfiguration['actions']): string[] {
  return [recipientsFile, usersFile, webhook.tokenFile, links.keyFile];
}
