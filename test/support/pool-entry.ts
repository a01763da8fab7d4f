// What the children of the pools under test import.
import { serveJobs } from "../../src/pool/child-runtime.ts";
import { conformanceWork } from "../../src/testing/conformance/pool/conformance-work.ts";

serveJobs(conformanceWork);
