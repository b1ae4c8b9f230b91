// Each worker has a database of its own, so that no file's jobs take up another's work. Runs before a test file is read.
const urls = (process.env.INTERLOCK_TEST_DATABASES ?? "").split(" ").filter(Boolean);
const mine = urls[Number(process.env.VITEST_POOL_ID ?? 1) - 1];
if (urls.length > 0 && mine === undefined) throw new Error("there are more workers than databases");
if (mine !== undefined) process.env.DATABASE_URL = mine;
