using System.IO.Compression;
using FeedbackAlignment.Experiments.Files;
using Microsoft.Net.Http.Headers;

namespace FeedbackAlignment.Live;

/// <summary>
/// The server of the playground, whose files lie in an archive. They are the same for everybody and tell nothing of this machine, so they
/// need no key.
/// </summary>
internal sealed class PlaygroundPage : IServedPage
{
    private const string Policy
        = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly WebApplication _app;

    private PlaygroundPage(WebApplication app, int port) => (_app, Port) = (app, port);

    /// <summary>The port that it listens on.</summary>
    public int Port { get; }

    /// <summary>Starts it on the loopback interface.</summary>
    /// <param name="archive">The path of the archive.</param>
    /// <param name="port">The port; 0: one that is free.</param>
    /// <exception cref="IOException">The port is taken, or the archive cannot be read.</exception>
    public static async Task<PlaygroundPage> StartAsync(string archive, int port)
    {
        var files = await ReadAsync(archive).ConfigureAwait(false);
        var (app, chosen) = await Loopback.StartAsync(port, new Guard(token: null, Policy), longestRequest: 0, app =>
        {
            foreach (var (name, content) in files)
            {
                app.MapGet("/" + name, context => WriteAsync(context, name, content));
            }

            app.MapGet("/", context => WriteAsync(context, "index.html", files["index.html"]));
        }).ConfigureAwait(false);
        return new PlaygroundPage(app, chosen);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<Dictionary<string, byte[]>> ReadAsync(string archive)
    {
        try
        {
            var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            await using var zip = await ZipArchive.CreateAsync(
                InputFile.Open(archive), ZipArchiveMode.Read, leaveOpen: false, entryNameEncoding: null).ConfigureAwait(false);
            foreach (var entry in zip.Entries.Where(entry => !entry.FullName.EndsWith('/')))
            {
                using var content = new MemoryStream();
                await using var packed = await entry.OpenAsync().ConfigureAwait(false);
                await packed.CopyToAsync(content).ConfigureAwait(false);
                files[entry.FullName] = content.ToArray();
            }

            return files.ContainsKey("index.html") ? files : throw new InvalidDataException("it has no index.html");
        }
        catch (InvalidDataException damaged)
        {
            throw new IOException($"{archive}: is no playground ({damaged.Message.TrimEnd('.')}); install fa again", damaged);
        }
    }

    private static Task WriteAsync(HttpContext context, string name, byte[] content)
    {
        context.Response.ContentType = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".wasm" => "application/wasm",
            ".json" => "application/json",
            _ => "text/plain; charset=utf-8",
        };

        // Names of the framework's files change with their content.
        if (name.StartsWith("_framework/", StringComparison.Ordinal) && name != "_framework/dotnet.js")
        {
            context.Response.Headers[HeaderNames.CacheControl] = "max-age=604800, immutable";
        }

        context.Response.ContentLength = content.Length;
        return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }
}
