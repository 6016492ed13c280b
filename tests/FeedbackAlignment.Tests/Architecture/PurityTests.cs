using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Tests.Architecture;

/// <summary>The library has no console, no paths, no clock, no randomness but its own, and no static state.</summary>
public sealed class PurityTests
{
    private static readonly Assembly _library = typeof(Network).Assembly;

    [Theory]
    [InlineData("System.Console")]
    [InlineData("System.IO.File")]
    [InlineData("System.IO.FileInfo")]
    [InlineData("System.IO.FileStream")]
    [InlineData("System.IO.Directory")]
    [InlineData("System.IO.DirectoryInfo")]
    [InlineData("System.IO.Path")]
    [InlineData("System.DateTime")]
    [InlineData("System.DateTimeOffset")]
    [InlineData("System.TimeProvider")]
    [InlineData("System.Diagnostics.Stopwatch")]
    [InlineData("System.Random")]
    [InlineData("System.Environment")]
    [InlineData("System.Security.Cryptography.RandomNumberGenerator")]
    public void TheLibraryDoesNotUse(string type) => Assert.DoesNotContain(type, ReferencedTypes());

    [Fact]
    public void ReferencedTypesAreSeenAtAll() => Assert.Contains("System.Math", ReferencedTypes());

    [Fact]
    public void StaticFieldsAreReadOnlyAndHoldNothingThatChanges()
    {
        var fields = _library.GetTypes()
            .Where(type => !IsGenerated(type))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsLiteral)
            .ToArray();
        Assert.NotEmpty(fields);
        Assert.DoesNotContain(fields, field => !field.IsInitOnly);
        Assert.DoesNotContain(fields, field => typeof(System.Collections.ICollection).IsAssignableFrom(field.FieldType));
    }

    [Fact]
    public void ClassesAreSealedOrAbstract()
        => Assert.DoesNotContain(_library.GetTypes(), type => type.IsClass && !type.IsSealed && !type.IsAbstract && !IsGenerated(type));

    private static bool IsGenerated(Type type)
        => type.IsDefined(typeof(CompilerGeneratedAttribute), false)
            || type.Name.StartsWith('<')
            || (type.DeclaringType is { } outer && IsGenerated(outer));

    private static HashSet<string> ReferencedTypes()
    {
        using var file = new PEReader(File.OpenRead(_library.Location));
        var metadata = file.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(metadata.GetTypeReference).Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")];
    }
}
