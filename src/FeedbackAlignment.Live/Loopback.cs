using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace FeedbackAlignment.Live;

/// <summary>A web server on the loopback interface, which a guard stands before.</summary>
internal static class Loopback
{
    /// <summary>Starts it.</summary>
    /// <param name="port">The port; 0: one that is free.</param>
    /// <param name="guard">Who gets an answer.</param>
    /// <param name="longestRequest">The most bytes of a request's body.</param>
    /// <param name="map">Says what is served.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<(WebApplication App, int Port)> StartAsync(
        int port, Guard guard, long longestRequest, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = 100;
            options.Limits.MaxRequestBodySize = longestRequest;
            options.Listen(IPAddress.Loopback, port);
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton<IHostLifetime, OfItsStarter>();
        var app = builder.Build();
        app.Use(guard.Check);
        map(app);
        await app.StartAsync().ConfigureAwait(false);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return (app, new Uri(address).Port);
    }

    /// <summary>Ctrl-C reaches all processes of a terminal. When the page ends, is for <c>fa</c> to say.</summary>
    private sealed class OfItsStarter : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
