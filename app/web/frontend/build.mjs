// Bundles src/ into ../static/dist/: names with a hash of the content, a manifest of which name
// stands for which entry, and each text compressed once here instead of at every request.
import { build } from "esbuild";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "static", "dist");

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["workspace", "maps", "charts", "home", "steward"].flatMap((name) => [
    { in: `src/${name}.ts`, out: name },
    { in: `src/styles/${name}.css`, out: name },
  ]),
  outdir: target,
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  // Licences of what is bundled stand at the end of each file.
  legalComments: "eof",
  metafile: true,
  loader: { ".png": "file" },
  logLevel: "warning",
});

const files = {};
const preload = {};
for (const [path, output] of Object.entries(metafile.outputs)) {
  if (output.entryPoint === undefined || output.entryPoint.includes("node_modules")) continue;
  const [, name] = /^src\/(?:styles\/)?(.+)$/.exec(output.entryPoint) ?? [];
  if (name === undefined || !/^[a-z]+\.(ts|css)$/.test(name)) continue;
  const entry = name.replace(/\.ts$/, ".js");
  files[entry] = nameOf(path);
  preload[entry] = statically(path).map(nameOf);
}
await writeFile(
  join(target, "manifest.json"),
  `${JSON.stringify({ files, preload }, null, 2)}\n`,
);

const compressed = { br: promisify(brotliCompress), gz: promisify(gzip) };
for (const name of await readdir(target)) {
  if (!/\.(js|css)$/.test(name)) continue;
  const body = await readFile(join(target, name));
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  await writeFile(join(target, `${name}.br`), await compressed.br(body, quality));
  await writeFile(join(target, `${name}.gz`), await compressed.gz(body, { level: 9 }));
}

// The parts that a file imports at once (not those that it loads when they are wanted).
function statically(path, seen = new Set()) {
  for (const { path: imported, kind } of metafile.outputs[path].imports) {
    if (kind !== "import-statement" || seen.has(imported)) continue;
    seen.add(imported);
    statically(imported, seen);
  }
  return [...seen];
}

function nameOf(path) {
  return relative(target, join(here, path)).replaceAll("\\", "/");
}
