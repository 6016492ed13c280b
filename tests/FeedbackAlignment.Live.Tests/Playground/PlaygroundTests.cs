using System.IO.Compression;
using Deque.AxeCore.Playwright;
using FeedbackAlignment.Playground;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FeedbackAlignment.Live.Tests.Playground;

/// <summary>The playground as a person meets it, in a real browser.</summary>
/// <param name="browser">The browser.</param>
public sealed class PlaygroundTests(Browser browser)
{
    private const string Ready = "() => globalThis.playground?.ready", Idle = "() => playground.ready";

    [Fact]
    public async Task OneRunsItRedrawsBAndCopiesW()
    {
        await using var server = await ServeAsync();
        await using var tab = await OpenAsync(server);
        var page = tab.Page;

        await page.Locator("#run").ClickAsync();
        await page.WaitForFunctionAsync("() => playground.examples > 5000 && playground.angles.every(angle => angle < 60)");
        await page.Locator("#run").ClickAsync();
        await page.WaitForFunctionAsync(Idle);
        var before = await AnglesAsync(page);
        await page.Locator("[data-do=redraw]").ClickAsync();
        await page.WaitForFunctionAsync("before => playground.angles.some((angle, i) => angle > before[i] + 10)", before);
        await page.Locator("[data-do=copy]").ClickAsync();
        await page.WaitForFunctionAsync("() => playground.angles.every(angle => angle < 0.01)");

        await Expect(page.Locator("#net1 .numbers")).ToContainTextAsync("angle 0° 0°");
        await page.Locator("#angle details summary").ClickAsync();
        await Expect(page.Locator("#angle table tbody tr").Last).ToContainTextAsync("0°");
        await page.Locator("#units summary").ClickAsync();
        await Expect(page.Locator("#units tbody tr")).ToHaveCountAsync(8);
        var frames = (await page.EvaluateAsync<double[]>("[...playground.frames].sort((a, b) => a - b)"))!;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"2-8-8-2, 100 examples a frame, both networks: median {frames[frames.Length / 2]:0.0} ms, "
            + $"95 % within {frames[frames.Length * 95 / 100]:0.0} ms, longest {frames[^1]:0.0} ms of {frames.Length} frames");
        tab.AssertQuiet();
    }

    [Fact]
    public async Task ItsNumbersAreTheLibrarysToTheBit()
    {
        await using var server = await ServeAsync();
        await using var tab = await OpenAsync(server);
        foreach (var settings in new[]
        {
            "task=spiral&hidden=6-5&activation=gelu", "task=linear&rule=direct-feedback-alignment",
            "task=gauss&rule=node-perturbation&hidden=5&activation=logistic&noise=30",
        })
        {
            var inPage = await tab.Page.EvaluateAsync<string[]>(
                """
                async settings => {
                  await playground.ask({ do: 'begin', settings });
                  await playground.ask({ do: 'frame', examples: 500, want: [], example: 0 });
                  return (await playground.ask({ do: 'fingerprint' })).fingerprints;
                }
                """,
                settings);
            var session = new Session(Settings.Parse(settings));
            session.Learn(500);

            Assert.Equal([session.Fingerprint(0), session.Fingerprint(1)], inPage);
        }
    }

    [Fact]
    public async Task ALinkRestoresAllSettings()
    {
        await using var server = await ServeAsync();
        await using var tab = await OpenAsync(server);
        var page = tab.Page;
        foreach (var (name, value) in new[]
        {
            ("task", "xor"), ("rule", "direct-feedback-alignment"), ("activation", "relu"), ("rate", "0.03"), ("scale", "2"),
            ("decay", "0.001"), ("speed", "10"), ("lines", "both"),
        })
        {
            await page.Locator($"#{name}").SelectOptionAsync(value);
            await page.WaitForFunctionAsync(Idle);
        }

        foreach (var (name, value) in new[] { ("hidden", "5-4-3"), ("noise", "20"), ("batch", "7"), ("seed", "12") })
        {
            await page.Locator($"#{name}").FillAsync(value);
            await page.Locator($"#{name}").PressAsync("Tab");
            await page.WaitForFunctionAsync(Idle);
        }

        await page.WaitForFunctionAsync("() => location.hash.includes('seed=12')");
        var link = page.Url;
        await using var other = await browser.TabAsync();
        await other.Page.GotoAsync(link);
        await other.Page.WaitForFunctionAsync(Ready);

        Assert.EndsWith(
            "#task=xor&rule=direct-feedback-alignment&hidden=5-4-3&activation=relu&rate=0.03&scale=2&noise=20&batch=7&decay=0.001&seed=12"
            + "&speed=10&lines=both",
            link, StringComparison.Ordinal);
        Assert.Equal(link, other.Page.Url);
        await Expect(other.Page.Locator("#rule")).ToHaveValueAsync("direct-feedback-alignment");
        await Expect(other.Page.Locator("#hidden")).ToHaveValueAsync("5-4-3");
        await Expect(other.Page.Locator("#speed")).ToHaveValueAsync("10");
        other.AssertQuiet();
        tab.AssertQuiet();
    }

    [Fact]
    public async Task TheTourIsCheckedByWhatTheNetworksDo()
    {
        await using var server = await ServeAsync();
        await using var tab = await OpenAsync(server);
        var page = tab.Page;
        for (var step = 1; step <= 8; step++)
        {
            await Expect(page.Locator("#tour-step")).ToContainTextAsync($"{step}.");
            if (step is 4 or 6)
            {
                await Expect(page.Locator("#tour-check")).Not.ToContainTextAsync("✓");
            }

            await page.Locator("#tour-do").ClickAsync();
            await Expect(page.Locator("#tour-check")).ToContainTextAsync("✓", new() { Timeout = 60_000 });
            await page.Locator("#tour-next").ClickAsync(new() { Force = step == 8 });
        }

        tab.AssertQuiet();
    }

    [Fact]
    public async Task PointsOfOnesOwnCanBePutByKeyboardByPointerAndAsText()
    {
        await using var server = await ServeAsync();
        await using var tab = await OpenAsync(server, "task=own&points=-1,-1,0;1,1,1");
        var page = tab.Page;

        await page.Locator("#x").FocusAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("2.5");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("-1");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("2");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => location.hash.includes('1,1,1;2.5,-1,2') && playground.ready");
        var region = page.Locator("#net0 .region");
        await region.ClickAsync(new() { Position = new() { X = 1 + ((await region.BoundingBoxAsync())!.Width / 2), Y = 5 } });
        await page.WaitForFunctionAsync("() => document.getElementById('points').value.split('\\n').length === 4 && playground.ready");
        await page.Locator("#points").FillAsync("x,y,class\n0,0,0\n1,1,zwei");
        await page.Locator("#use").ClickAsync();

        await Expect(page.Locator("#mistake")).ToHaveTextAsync(
            "points, line 3: the class must be a whole number from 0 to 3, was \"zwei\"");
        tab.AssertQuiet();
    }

    [Fact]
    public async Task AllCanBeDoneByKeyboard()
    {
        await using var server = await ServeAsync();
        await using var tab = await OpenAsync(server);
        var page = tab.Page;

        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".skip")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("#run")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => playground.examples > 200");
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("#run")).ToHaveTextAsync("Run");
        await page.WaitForFunctionAsync(Idle);

        // Every control can be reached, and none holds the focus.
        var reached = new HashSet<string>();
        for (var presses = 0; presses < 120; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(await page.EvaluateAsync<string>("document.activeElement.id || document.activeElement.dataset.do || ''"));
        }

        Assert.Superset(
            new HashSet<string>
            {
                "run", "step", "reset", "speed", "tour-do", "tour-next", "lines", "redraw", "copy", "flip", "halve", "freeze", "layer",
                "unit", "example", "task", "rule", "hidden", "activation", "rate", "scale", "noise", "batch", "decay", "seed",
            },
            reached);
        tab.AssertQuiet();
    }

    [Fact]
    public async Task ItFitsAndAxeFindsNothing()
    {
        await using var server = await ServeAsync();
        await using var tab = await OpenAsync(server, "task=own&points=-1,-1,0;1,1,1;1,-1,2");
        await tab.Page.Locator("#step").ClickAsync();
        foreach (var details in await tab.Page.Locator("details > summary").AllAsync())
        {
            await details.ClickAsync();
        }

        await tab.Page.WaitForFunctionAsync(Idle);
        foreach (var (width, scheme) in new[]
        {
            (320, ColorScheme.Light), (340, ColorScheme.Dark), (1400, ColorScheme.Light),
        })
        {
            await tab.Page.SetViewportSizeAsync(width, 900);
            await tab.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await tab.Page.WaitForTimeoutAsync(200);
            var overflow = await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            var found = await tab.Page.RunAxe();
            if (Environment.GetEnvironmentVariable("FA_PICTURES") is { Length: > 0 } pictures)
            {
                await tab.Page.ScreenshotAsync(
                    new() { Path = Path.Combine(pictures, $"playground-{width}-{scheme}.png"), FullPage = true });
            }

            Assert.True(overflow <= 0, $"{overflow} pixels are beyond the side at {width}");
            Assert.Empty(found.Violations.Select(violation
                => $"{width} {scheme} {violation.Id}: {violation.Help}, {violation.Nodes[0].Html}"));
        }

        tab.AssertQuiet();
    }

    [Fact]
    public async Task FromAFileThePageSaysWhatItNeeds()
    {
        Site.Require();
        var folder = Directory.CreateTempSubdirectory("fa-playground-tests-").FullName;
        try
        {
            await ZipFile.ExtractToDirectoryAsync(Site.Archive, folder, TestContext.Current.CancellationToken);
            await using var tab = await browser.TabAsync();
            await tab.Page.GotoAsync(new Uri(Path.Combine(folder, "index.html")).AbsoluteUri);

            await Expect(tab.Page.Locator("#notice")).ToContainTextAsync("`fa playground` serves it");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<PlaygroundPage> ServeAsync()
    {
        Site.Require();
        return PlaygroundPage.StartAsync(Site.Archive, 0);
    }

    private static Task<double[]> AnglesAsync(IPage page) => page.EvaluateAsync<double[]>("playground.angles")!;

    private async Task<BrowserTab> OpenAsync(PlaygroundPage server, string settings = "")
    {
        var tab = await browser.TabAsync();
        await tab.Page.GotoAsync($"http://localhost:{server.Port}/#{settings}");
        await tab.Page.WaitForFunctionAsync(Ready, null, new() { Timeout = 60_000 });
        return tab;
    }
}
