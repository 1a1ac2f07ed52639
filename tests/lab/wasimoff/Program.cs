using HookAgent.Wasimoff;
using HookAgent.Wasimoff.Broker;
using HookAgent.Wasimoff.Provider;

if (Options.Parse(args, Environment.GetEnvironmentVariable) is not { } options)
{
    await Console.Error.WriteLineAsync(Options.Usage);
    return ExitCode.Usage;
}

if (options.Role == Role.Broker)
{
    return await new BrokerServer(options.Listen).RunAsync();
}

return await new ProviderRun(options).RunAsync();
