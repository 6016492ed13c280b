using System.Reflection;

namespace FeedbackAlignment.Live;

/// <summary>A file of the page, which is in the program itself.</summary>
/// <param name="Path">Where it is served.</param>
/// <param name="Resource">Its name in the program.</param>
/// <param name="ContentType">What it is.</param>
internal sealed record PageFile(string Path, string Resource, string ContentType)
{
    private const string Script = "text/javascript; charset=utf-8", Style = "text/css; charset=utf-8";

    public static IReadOnlyList<PageFile> All { get; } =
    [
        new("/", "live.html", "text/html; charset=utf-8"),
        new("/live.css", "live.css", Style),
        new("/live.js", "live.js", Script),
        new("/charts.js", "charts.js", Script),
        new("/icon.svg", "icon.svg", "image/svg+xml"),
        new("/uplot/uplot.js", "uplot/uplot.js", Script),
        new("/uplot/uplot.css", "uplot/uplot.css", Style),
        new("/uplot/LICENSE.txt", "uplot/LICENSE.txt", "text/plain; charset=utf-8"),
    ];

    public async Task WriteAsync(HttpContext context)
    {
        await using var content = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is missing in the program");
        (context.Response.ContentType, context.Response.ContentLength) = (ContentType, content.Length);
        await content.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }
}
