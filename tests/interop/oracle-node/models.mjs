// What scim2-parse-filter and scim-patch say of the cases: one answer a line, on standard output.
//
//     node models.mjs evaluate|parse|patch < cases.ndjson
import { createInterface } from "node:readline";
import filters from "scim2-parse-filter";
import patches from "scim-patch";

const refusal = (error) => ({ error: error.scimCode ?? error.constructor.name, detail: String(error.message ?? error).slice(0, 300) });

let resources = [];

function selects(text) {
    try {
        const read = filters.filter(filters.parse(text));
        return { selects: resources.map((it) => (read(it) ? "1" : "0")).join("") };
    } catch (error) {
        return refusal(error);
    }
}

function tree(node) {
    switch (node.op) {
        case "and":
        case "or":
            return [node.op, ...node.filters.map(tree)];
        case "not":
            return ["not", tree(node.filter)];
        case "[]":
            return ["[]", node.attrPath, tree(node.valFilter)];
        case "pr":
            return ["pr", node.attrPath];
        default:
            return [node.op, node.attrPath, node.compValue];
    }
}

function applied(before, operations) {
    const resource = structuredClone(before);
    try {
        const body = { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: structuredClone(operations) };
        patches.patchBodyValidation(body);
        return { after: patches.scimPatch(resource, body.Operations, { mutateDocument: false, treatMissingAsAdd: true }) };
    } catch (error) {
        return { ...refusal(error), untouched: JSON.stringify(resource) === JSON.stringify(before) };
    }
}

const answers = {
    evaluate(line) {
        if (line.resources) {
            resources = line.resources;
            return null;
        }
        return { n: line.n, whole: selects(line.filter), parts: line.parts.map(selects) };
    },
    parse(line) {
        try {
            return { n: line.n, tree: tree(filters.parse(line.text)) };
        } catch (error) {
            return { n: line.n, ...refusal(error) };
        }
    },
    patch(line) {
        const steps = [];
        let state = line.before;
        for (const operation of line.operations) {
            const step = applied(state, [operation]);
            steps.push(step);
            if (!("after" in step)) break;
            state = step.after;
        }
        return { n: line.n, steps, whole: applied(line.before, line.operations) };
    },
};

for await (const text of createInterface({ input: process.stdin })) {
    const answer = answers[process.argv[2]](JSON.parse(text));
    if (answer) process.stdout.write(JSON.stringify(answer) + "\n");
}
