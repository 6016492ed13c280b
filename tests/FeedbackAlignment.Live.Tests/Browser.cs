using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(FeedbackAlignment.Live.Tests.Browser))]

namespace FeedbackAlignment.Live.Tests;

/// <summary>Debian's Chromium, once for all tests; without it they are skipped.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string? _program = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (_program is not null)
        {
            Assertions.SetDefaultExpectTimeout(20_000);
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(
                new() { ExecutablePath = _program, Args = ["--no-sandbox", "--disable-gpu"] });
        }
    }

    /// <summary>A new tab with nothing kept from another.</summary>
    public async Task<BrowserTab> TabAsync(int width = 1200, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipUnless(_browser is not null, "no Chromium is installed (apt-get install chromium)");
        var context = await _browser!.NewContextAsync(
            new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
        context.SetDefaultTimeout(15_000);
        return new BrowserTab(await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await (_browser?.CloseAsync() ?? Task.CompletedTask);
        _playwright?.Dispose();
    }
}

/// <summary>A tab, with what went wrong in it.</summary>
public sealed class BrowserTab : IAsyncDisposable
{
    private readonly List<string> _complaints = [];
    private readonly List<string> _strangers = [];

    public BrowserTab(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            // That the server is gone for a while is what some tests are about; the browser says it in its own words.
            if (message.Type is "error" or "warning" && !message.Text.Contains("net::ERR_", StringComparison.Ordinal))
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Host is not ("localhost" or ""))
            {
                _strangers.Add(request.Url);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Closes it: what its page does takes time from other tests.</summary>
    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();

    /// <summary>No error in the console, and no request to another host.</summary>
    public void AssertQuiet()
    {
        Assert.Empty(_complaints);
        Assert.Empty(_strangers);
    }
}
