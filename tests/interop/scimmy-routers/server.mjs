// scimmy-routers as its own documentation sets it up, over two Maps. The wrapper's part is what the library leaves to
// its user: ids, time stamps, the uniqueness of userName, the 404 for an unknown id, and
// User.groups, which it reads from the groups' members. Whatever a request or an answer looks like is the library's.
import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const { Error: ScimError } = SCIMMY.Types;
const users = new Map();
const groups = new Map();

const found = (kept, id) => {
    if (!kept.has(id)) throw new ScimError(404, null, `Resource ${id} not found`);
    return kept.get(id);
};

// The comparison of user names that RFC 7644 §5 asks for: width, letter case and composition make no difference.
const prepared = (name) => name?.normalize("NFKC").toLowerCase();

const withGroups = (user) => {
    const memberships = [...groups.values()]
        .filter((group) => group.members?.some((member) => member.value === user.id))
        .map((group) => ({ value: group.id, display: group.displayName }));
    return memberships.length ? { ...user, groups: memberships } : user;
};

const serve = (Resource, kept, shown) => SCIMMY.Resources.declare(Resource)
    .ingress((resource, data) => {
        const { id = randomUUID() } = resource;
        const now = new Date().toISOString();
        const { created } = resource.id ? found(kept, id).meta : { created: now };
        const taken = (other) => other.id !== id && prepared(other.userName) === prepared(data.userName);
        if (data.userName !== undefined && [...kept.values()].some(taken)) {
            throw new ScimError(409, "uniqueness", `userName ${data.userName} is taken`);
        }
        kept.set(id, { ...JSON.parse(JSON.stringify(data)), id, meta: { resourceType: Resource.name, created, lastModified: now } });
        return shown(kept.get(id));
    })
    .egress((resource) => {
        if (resource.id) return shown(found(kept, resource.id));
        const all = [...kept.values()].map(shown);
        return resource.filter ? resource.filter.match(all) : all;
    })
    .degress((resource) => {
        found(kept, resource.id);
        kept.delete(resource.id);
    });

SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser);
serve(SCIMMY.Resources.User, users, withGroups);
serve(SCIMMY.Resources.Group, groups, (group) => group);

const app = express();
app.use((request, _, next) => {
    console.log(`"${request.method} ${request.url}"`);
    next();
});
app.use("/scim/v2", new SCIMMYRouters({
    type: "bearer",
    baseUri: (request) => `${request.protocol}://${request.get("host")}`,
    // Returns no id: the credential stands for no user, so that there is no /Me.
    handler: (request) => {
        if (request.get("Authorization") !== `Bearer ${process.env.SCIM_TOKEN}`) throw new Error("Unauthorized");
    },
}));
// The routers hand on every error that they answered with 5xx, for which Express would break the connection off.
app.use((error, _request, _response, _next) => console.error(error));
app.listen(Number(process.argv[2]), "127.0.0.1");
