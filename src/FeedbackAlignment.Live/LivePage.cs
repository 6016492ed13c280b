using FeedbackAlignment.Experiments.Watching;

namespace FeedbackAlignment.Live;

/// <summary>The server of the live page.</summary>
internal sealed class LivePage : IServedPage
{
    public const int ShortestToken = 32;

    private const string Policy
        = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'";

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
        var brokenOff = new CancellationTokenSource();
        var (app, chosen) = await Loopback.StartAsync(port, new Guard(token, Policy), EventStream.LongestRequest, app =>
        {
            foreach (var file in PageFile.All)
            {
                app.MapGet(file.Path, file.WriteAsync);
            }

            app.MapPost(Guard.Events, new EventStream(watched, app.Lifetime.ApplicationStopping, brokenOff.Token).WriteAsync);
        }).ConfigureAwait(false);
        return new LivePage(app, chosen, brokenOff);
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
}
