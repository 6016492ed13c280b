using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Playground;

/// <summary>What a task begins with where a link says nothing.</summary>
internal sealed record TaskDefaults(string Hidden, string Activation, double Rate);

/// <summary>Something to learn.</summary>
/// <param name="Id">Its name in links.</param>
/// <param name="Name">Its name on the page.</param>
/// <param name="Sentence">What it is, in a sentence.</param>
/// <param name="Kind">What the page draws: <c>plane</c>, <c>vectors</c> or <c>pictures</c>.</param>
/// <param name="Defaults">What it begins with.</param>
/// <param name="Draw">Its training and test examples.</param>
internal sealed record PlaygroundTask(
    string Id, string Name, string Sentence, string Kind, TaskDefaults Defaults, Func<Settings, DataSplit> Draw)
{
    /// <summary>Points lie in a square from −Reach to Reach.</summary>
    public const double Reach = 3;

    private const int Train = 300, Test = 200, TrainPictures = 2000, TestPictures = 300;

    private static readonly TaskDefaults _plane = new("8-8", "tanh", 0.1);

    public static IReadOnlyList<PlaygroundTask> All { get; } =
    [
        new("circle", "Circle", "A cloud of points, and a ring of others around it.", "plane", _plane, Points(Circle)),
        new("xor", "Four squares", "Two opposite corners are of one class, the other two of the other (XOR).", "plane", _plane,
            Points(Xor)),
        new("gauss", "Two clouds", "Two clouds that a straight line can part.", "plane", _plane, Points(Gauss)),
        new("spiral", "Spiral", "Two spirals wound into each other, the hardest of the four.", "plane", _plane, Points(Spiral)),
        new("linear", "The paper's linear task", "30 numbers go in, 10 come out, and the network is to copy a fixed linear map.", "vectors",
            new("20", "linear", 0.01), settings => new DataSplit(Linear(settings, "train", 1000), test: Linear(settings, "test", Test))),
        new("digits", "Small digits", "Pictures of digits, 28 × 28 pixels, drawn by the library's own generator.", "pictures",
            new("100", "tanh", 0.1), Digits),
        new("own", "Points of your own", "You put the points: by pointer, by keyboard, or as text.", "plane", _plane,
            settings => PointsText.Parse(settings.Points)),
    ];

    public bool IsPictures => Kind == "pictures";

    public bool IsPlane => Kind == "plane";

    public Loss Loss => Kind == "vectors" ? Loss.SquaredError : Loss.SoftmaxCrossEntropy;

    public static PlaygroundTask Find(string id) => All.FirstOrDefault(task => task.Id == id)
        ?? throw new FormatException(
            $"task: none is called \"{Texts.ForeignText.Line(id, 40)}\"; there are {string.Join(", ", All.Select(task => task.Id))}");

    private delegate (double X, double Y) Place(int label, int number, int count, double noise, RandomStream random);

    private static Func<Settings, DataSplit> Points(Place place) => settings
        => new(Part(settings, "train", Train, place), test: Part(settings, "test", Test, place));

    /// <summary>Only +, −, ×, ÷ and √: the same points on every machine.</summary>
    private static DataSet Part(Settings settings, string part, int count, Place place)
    {
        var random = Streams(settings).Child(settings.Task.Id).Stream(part);
        var (inputs, labels) = (new Matrix(count, 2), new int[count]);
        for (var example = 0; example < count; example++)
        {
            labels[example] = example % 2;
            var (x, y) = place(labels[example], example / 2, count / 2, settings.Noise / 100.0, random);
            (inputs[example, 0], inputs[example, 1]) = ((float)x, (float)y);
        }

        return new DataSet(inputs, labels, 2);
    }

    private static (double X, double Y) Circle(int label, int number, int count, double noise, RandomStream random)
    {
        var (least, most) = label == 1 ? (0, 1.25) : (1.75, 2.6);
        while (true)
        {
            var (x, y) = (Uniform(random, most), Uniform(random, most));
            var squared = (x * x) + (y * y);
            if (squared <= most * most && squared >= least * least)
            {
                return (x + Uniform(random, 2 * noise), y + Uniform(random, 2 * noise));
            }
        }
    }

    private static (double X, double Y) Xor(int label, int number, int count, double noise, RandomStream random)
    {
        var (x, y) = (0.15 + (2.4 * random.NextDouble()), 0.15 + (2.4 * random.NextDouble()));
        var (right, up) = (number % 2 == 0 ? 1 : -1, (number % 2 == 0) == (label == 1) ? 1 : -1);
        return ((right * x) + Uniform(random, 2 * noise), (up * y) + Uniform(random, 2 * noise));
    }

    private static (double X, double Y) Gauss(int label, int number, int count, double noise, RandomStream random)
    {
        var (middle, deviation) = (label == 1 ? 1.1 : -1.1, 0.4 + (1.2 * noise));
        return (middle + (deviation * random.NextNormal()), middle + (deviation * random.NextNormal()));
    }

    private static (double X, double Y) Spiral(int label, int number, int count, double noise, RandomStream random)
    {
        // One and a half turns by a rotation that is repeated, given by cosine and sine of a degree: those of libraries differ in bits.
        const double cosine = 0.99984769515639127, sine = 0.01745240643728351, degrees = 550;
        var part = (number + 0.5) / count;
        var (x, y) = (label == 1 ? 1.0 : -1.0, 0.0);
        for (var turned = 0; turned < part * degrees; turned++)
        {
            (x, y) = ((x * cosine) - (y * sine), (x * sine) + (y * cosine));
        }

        var radius = 0.15 + (2.4 * part);
        return ((radius * x) + Uniform(random, noise), (radius * y) + Uniform(random, noise));
    }

    private static DataSet Linear(Settings settings, string part, int count) => Teacher.Linear(settings.Seed, 30, 10).Draw(part, count);

    private static DataSplit Digits(Settings settings)
    {
        var generator = new DigitGenerator(settings.Seed);
        return new(generator.Draw("train", TrainPictures), test: generator.Draw("test", TestPictures));
    }

    private static RandomStreams Streams(Settings settings)
        => new RandomStreams(settings.Seed).Child(RandomStreams.Data).Child("playground");

    private static double Uniform(RandomStream random, double most) => most * ((2 * random.NextDouble()) - 1);
}
