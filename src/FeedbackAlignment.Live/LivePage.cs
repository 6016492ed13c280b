using System.Net;
using FeedbackAlignment.Experiments.Watching;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace FeedbackAlignment.Live;

/// <summary>The server of the live page.</summary>
internal sealed class LivePage : IAsyncDisposable
{
    public const int ShortestToken = 32;

    private readonly WebApplication _app;

    private readonly CancellationTokenSource _brokenOff;

    private LivePage(WebApplication app, int port, CancellationTokenSource brokenOff) => (_app, Port, _brokenOff) = (app, port, brokenOff);

    /// <summary>The port that it listens on.</summary>
    public int Port { get; }

    /// <summary>Starts it on the loopback interface.</summary>
    /// <param name="folder">The folder to watch.</param>
    /// <param name="port">The port; 0: one that is free.</param>
    /// <param name="token">What a browser must send to see data.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LivePage> StartAsync(string folder, int port, string token)
    {
        var watched = new Watch(new WatchedFolder(folder));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = 100;
            options.Limits.MaxRequestBodySize = EventStream.LongestRequest;
            options.Listen(IPAddress.Loopback, port);
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton<IHostLifetime, OfItsStarter>();
        var app = builder.Build();
        var guard = new Guard(token);
        app.Use(guard.Check);
        foreach (var file in PageFile.All)
        {
            app.MapGet(file.Path, file.WriteAsync);
        }

        var brokenOff = new CancellationTokenSource();
        app.MapPost(Guard.Events, new EventStream(watched, app.Lifetime.ApplicationStopping, brokenOff.Token).WriteAsync);
        await app.StartAsync().ConfigureAwait(false);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new LivePage(app, new Uri(address).Port, brokenOff);
    }

    /// <summary>Ends it as a kill would: tabs are not told.</summary>
    internal async Task BreakOffAsync()
    {
        await _brokenOff.CancelAsync().ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _brokenOff.Dispose();
    }

    /// <summary>Ctrl-C reaches all processes of a terminal. When the page ends, is for <c>fa</c> to say.</summary>
    private sealed class OfItsStarter : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
