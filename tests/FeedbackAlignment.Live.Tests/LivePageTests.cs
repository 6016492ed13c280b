using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FeedbackAlignment.Live.Tests;

/// <summary>The page as a person meets it, in a real browser.</summary>
/// <param name="browser">The browser.</param>
public sealed class LivePageTests(Browser browser) : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly WatchedRuns _runs = new();

    [Fact]
    public async Task ReadingsAppearWhileTheyAreWritten()
    {
        await using var server = await LivePage.StartAsync(_runs.Folder, 0, Token);
        _runs.Grow("feedback-alignment-1", 0, 3);
        var tab = await OpenAsync(server);
        var row = tab.Page.Locator("#rows tr");

        await Expect(row.First).ToContainTextAsync("feedback-alignment");
        await Expect(row.First).ToContainTextAsync("88°");
        _runs.Grow("feedback-alignment-1", 3, 50);
        await Expect(row.First).ToContainTextAsync("41°");
        await Expect(row.First).ToContainTextAsync("49 %");
        _runs.Grow("backpropagation-1", 0, 2);
        await Expect(row).ToHaveCountAsync(2);
        _runs.End("feedback-alignment-1", "feedback-alignment");
        await Expect(row.Nth(1)).ToContainTextAsync("completed");
        await Expect(row.Nth(1)).ToContainTextAsync("12.5 %");
        tab.AssertQuiet();
    }

    [Fact]
    public async Task TheKeyLeavesTheAddressAndSurvivesAReload()
    {
        await using var server = await LivePage.StartAsync(_runs.Folder, 0, Token);
        _runs.Grow("feedback-alignment-1", 0, 3);
        var tab = await OpenAsync(server);

        await Expect(tab.Page.Locator("#connection")).ToHaveTextAsync("Connected.");
        Assert.DoesNotContain(Token, tab.Page.Url, StringComparison.Ordinal);
        await tab.Page.ReloadAsync();
        await Expect(tab.Page.Locator("#rows tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task WithoutTheKeyThePageSaysHowToGetIt()
    {
        await using var server = await LivePage.StartAsync(_runs.Folder, 0, Token);
        _runs.Grow("feedback-alignment-1", 0, 3);
        var tab = await browser.TabAsync();
        await tab.Page.GotoAsync($"http://localhost:{server.Port}/");

        await Expect(tab.Page.Locator("#notice")).ToContainTextAsync("Open this page by the address");
        await Expect(tab.Page.Locator("#rows tr")).ToHaveCountAsync(0);
        tab.AssertQuiet();
    }

    [Fact]
    public async Task WhatWasCutBackIsForgotten()
    {
        await using var server = await LivePage.StartAsync(_runs.Folder, 0, Token);
        _runs.Grow("feedback-alignment-1", 0, 10);
        var length = new FileInfo(_runs.MetricsOf("feedback-alignment-1")).Length;
        _runs.Grow("feedback-alignment-1", 10, 60);
        var tab = await OpenAsync(server);
        var row = tab.Page.Locator("#rows tr").First;
        await Expect(row).ToContainTextAsync("59 %");

        // As a resumed run does: back to the checkpoint, and on from there with other numbers.
        using (var file = File.OpenWrite(_runs.MetricsOf("feedback-alignment-1")))
        {
            file.SetLength(length);
        }

        _runs.Grow("feedback-alignment-1", 10, 30, angle: 70);
        await Expect(row).ToContainTextAsync("29 %");
        await Expect(row).ToContainTextAsync("41°");
        await tab.Page.Locator("#angle details summary").ClickAsync();
        await Expect(tab.Page.Locator("#angle table tbody tr").Last).ToContainTextAsync("290");
        tab.AssertQuiet();
    }

    [Fact]
    public async Task ThePageComesBackWhenTheServerDoes()
    {
        var server = await LivePage.StartAsync(_runs.Folder, 0, Token);
        var port = server.Port;
        _runs.Grow("feedback-alignment-1", 0, 5);
        var tab = await browser.TabAsync();

        await tab.Page.GotoAsync($"http://localhost:{port}/#token={Token}");
        await Expect(tab.Page.Locator("#rows tr")).ToHaveCountAsync(1);
        // One that is killed says no farewell.
        await server.BreakOffAsync();
        await Expect(tab.Page.Locator("#connection")).ToContainTextAsync("trying again");
        _runs.Grow("feedback-alignment-1", 5, 40);
        await using var again = await LivePage.StartAsync(_runs.Folder, port, Token);
        await Expect(tab.Page.Locator("#connection")).ToHaveTextAsync("Connected.");
        await Expect(tab.Page.Locator("#rows tr").First).ToContainTextAsync("39 %");
        tab.AssertQuiet();
    }

    [Fact]
    public async Task AnEndIsSaid()
    {
        var server = await LivePage.StartAsync(_runs.Folder, 0, Token);
        _runs.Grow("feedback-alignment-1", 0, 5);
        var tab = await OpenAsync(server);
        await Expect(tab.Page.Locator("#rows tr")).ToHaveCountAsync(1);
        _runs.Grow("feedback-alignment-1", 5, 100);

        await server.DisposeAsync();
        await Expect(tab.Page.Locator("#connection")).ToContainTextAsync("fa has ended");
        await Expect(tab.Page.Locator("#rows tr").First).ToContainTextAsync("99 %");
        tab.AssertQuiet();
    }

    [Fact]
    public async Task WhatOthersWroteIsTextAndNothingElse()
    {
        await using var server = await LivePage.StartAsync(_runs.Folder, 0, Token);
        const string evil = "<img src=x onerror=alert(1)>-1";
        _runs.Grow(evil, 0, 3);
        File.AppendAllText(_runs.MetricsOf(evil),
            "{\"kind\":\"curve\",\"examples\":\"<b>\"}\n" + new string('x', 10_000_000)
            + "\n[1,2]\n\u001b[31m\n{\"kind\":\"alignment\",\"examples\":40,\"layer\":\"<script>alert(1)</script>\",\"errorAngle\":12}\n");
        _runs.Grow(evil, 5, 8);
        File.WriteAllText(Path.Combine(_runs.Folder, "spec.json"), """{ "format": 2, "name": "</script><script>alert(1)</script>" }""");
        var tab = await OpenAsync(server);
        var alerts = 0;
        tab.Page.Dialog += (_, dialog) =>
        {
            alerts++;
            _ = dialog.DismissAsync();
        };

        await Expect(tab.Page.Locator("#title")).ToContainTextAsync("<script>alert(1)</script>");
        await Expect(tab.Page.Locator("#rows tr").First).ToContainTextAsync("<img src=x onerror=alert(1)>");
        await Expect(tab.Page.Locator("#rows tr").First).ToContainTextAsync("83° 12°");
        await tab.Page.Locator("#angle details summary").ClickAsync();
        await Expect(tab.Page.Locator("#angle details table")).ToContainTextAsync("<script>alert(1)</script>");
        Assert.Equal(0, alerts);
        Assert.Equal(0, await tab.Page.Locator("main img").CountAsync());
        tab.AssertQuiet();
    }

    [Fact]
    public async Task LinksOutOfTheFolderAreNotFollowed()
    {
        await using var server = await LivePage.StartAsync(_runs.Folder, 0, Token);
        using var elsewhere = new WatchedRuns();
        elsewhere.Grow("secret-1", 0, 3);
        _runs.Grow("feedback-alignment-1", 0, 3);
        Directory.CreateSymbolicLink(Path.Combine(_runs.Folder, "runs", "linked-1"),
            Path.GetDirectoryName(elsewhere.MetricsOf("secret-1"))!);
        var tab = await OpenAsync(server);

        await Expect(tab.Page.Locator("#rows tr")).ToHaveCountAsync(1);
        await tab.Page.WaitForTimeoutAsync(1500);
        await Expect(tab.Page.Locator("#rows tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task ItWorksByKeyboard()
    {
        await using var server = await LivePage.StartAsync(_runs.Folder, 0, Token);
        _runs.Grow("feedback-alignment-1", 0, 5);
        var tab = await OpenAsync(server);
        var page = tab.Page;
        await Expect(page.Locator("#rows tr")).ToHaveCountAsync(1);

        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".skip")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("#hold")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("#hold")).ToHaveAttributeAsync("aria-pressed", "true");
        _runs.Grow("feedback-alignment-1", 5, 60);
        await page.WaitForTimeoutAsync(2000);
        await Expect(page.Locator("#rows tr").First).ToContainTextAsync("86°");
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("#rows tr").First).ToContainTextAsync("31°");
        await page.Locator("#error summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#error table tbody tr").Last).ToContainTextAsync("590");
        tab.AssertQuiet();
    }

    [Theory]
    [InlineData(340, ColorScheme.Dark)]
    [InlineData(1600, ColorScheme.Light)]
    public async Task ItFitsAndIsAccessible(int width, ColorScheme scheme)
    {
        await using var server = await LivePage.StartAsync(_runs.Folder, 0, Token);
        _runs.Grow("feedback-alignment-1", 0, 60);
        _runs.Grow("direct-feedback-alignment-1", 0, 30);
        _runs.End("direct-feedback-alignment-1", "direct-feedback-alignment");
        var tab = await OpenAsync(server, width, scheme);
        await Expect(tab.Page.Locator("#rows tr")).ToHaveCountAsync(2);
        await tab.Page.Locator("#error details summary").ClickAsync();

        var overflow = await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        var found = await tab.Page.RunAxe();
        if (Environment.GetEnvironmentVariable("FA_PICTURES") is { Length: > 0 } pictures)
        {
            await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(pictures, $"live-{width}-{scheme}.png"), FullPage = true });
        }

        Assert.True(overflow <= 0, $"{overflow} pixels are beyond the side");
        Assert.Empty(found.Violations.Select(violation => $"{violation.Id}: {violation.Help}, {violation.Nodes[0].Html}"));
        tab.AssertQuiet();
    }

    public void Dispose() => _runs.Dispose();

    private async Task<BrowserTab> OpenAsync(LivePage server, int width = 1200, ColorScheme scheme = ColorScheme.Light)
    {
        var tab = await browser.TabAsync(width, scheme: scheme);
        await tab.Page.GotoAsync($"http://localhost:{server.Port}/#token={Token}");
        return tab;
    }
}
