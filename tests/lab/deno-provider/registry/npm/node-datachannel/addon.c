// The smallest addon by Node-API, which is a stable ABI: these are its own declarations.
typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
extern int napi_create_uint32(napi_env env, unsigned value, napi_value *result);
extern int napi_set_named_property(napi_env env, napi_value object, const char *name, napi_value value);

napi_value napi_register_module_v1(napi_env env, napi_value exports)
{
    napi_value version;
    if (napi_create_uint32(env, 1, &version) == 0)
        napi_set_named_property(env, exports, "version", version);
    return exports;
}
