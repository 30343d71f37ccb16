/** The name under which generated code finds the magics on the thread that runs cells. */
export const magicsKey = "logitpress.magics";
