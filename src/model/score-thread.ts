import { workerData } from "node:worker_threads";
import { adoptKernelModule, loadKernels } from "../simd/load";
import { serve } from "../simd/team";

adoptKernelModule(workerData.module);
serve(loadKernels(workerData.memory), workerData.control);
